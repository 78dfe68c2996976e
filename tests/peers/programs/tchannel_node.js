'use strict';

// The other side, with the npm package `tchannel`; run with NODE_PATH set to where it is installed.
//
//   node tchannel_node.js serve IDL             prints its port, serves until its input ends
//   node tchannel_node.js call IDL PORT SIZES   makes calls, prints one JSON object with what came back

const TChannel = require('tchannel');
const TChannelAsThrift = require('tchannel/as/thrift');

const [mode, idl, port, sizes] = process.argv.slice(2);

function serve() {
    const channel = TChannel();
    const service = channel.makeSubChannel({serviceName: 'peer'});
    const thrift = TChannelAsThrift({channel: service, entryPoint: idl});
    thrift.register(service, 'Peer::echo', {}, (context, request, head, body, answer) => {
        if (body.body.toString() === 'refuse me') {
            answer(null, {ok: false, typeName: 'refused', head: {}, body: {message: 'refused: \u00e9'}});
        } else {
            answer(null, {ok: true, head: head, body: body.body});
        }
    });
    thrift.register(service, 'Peer::fail', {}, (context, request, head, body, answer) => {
        answer(new Error('a bug of the peer'));
    });
    thrift.register(service, 'Peer::sleep', {}, () => {});
    channel.listen(0, '127.0.0.1', () => console.log(channel.address().port));
    process.stdin.on('end', () => process.exit(0)).resume();
}

function call() {
    const root = TChannel();
    const channel = root.makeSubChannel({serviceName: 'peer', peers: ['127.0.0.1:' + port]});
    const thrift = TChannelAsThrift({channel: channel, entryPoint: idl});
    const seen = {};

    const send = (name, head, body, options) => new Promise((resolve) => {
        const request = Object.assign(
            {serviceName: 'peer', headers: {cn: 'node-peer'}, hasNoParent: true, timeout: 20000, retryLimit: 1}, options);
        thrift.request(request).send('Peer::' + name, head, body, (error, answer) => resolve({error, answer}));
    });
    const same = (outcome, bytes) => Boolean(outcome.answer && outcome.answer.ok && outcome.answer.body.equals(bytes));

    async function all() {
        for (const checksumType of [0, 1, 2, 3]) {
            for (const size of JSON.parse(sizes)) {
                const bytes = Buffer.alloc(size, 1);
                const outcome = await send('echo', {key: 'value'}, {body: bytes}, {checksumType});
                seen[`size ${size} sum ${checksumType}`] = same(outcome, bytes) && outcome.answer.head.key === 'value';
            }
        }
        const bodies = Array.from({length: 50}, (_, number) => Buffer.alloc(3000, number));
        const outcomes = await Promise.all(bodies.map((bytes) => send('echo', {}, {body: bytes})));
        seen['at once'] = outcomes.every((outcome, number) => same(outcome, bodies[number]));
        const refused = await send('echo', {}, {body: Buffer.from('refuse me')});
        seen.refused = refused.answer && !refused.answer.ok && refused.answer.body.message;
        for (const name of ['fail', 'missing', 'busy']) {
            const {error} = await send(name, {}, {});
            seen[name] = error && [error.codeName || error.type, error.message];
        }
        const {error} = await send('sleep', {}, {}, {timeout: 300});
        seen.sleep = error && error.type;
        console.log(JSON.stringify(seen));
        process.exit(0);
    }
    all();
}

if (mode === 'serve') {
    serve();
} else {
    call();
}
