"""The rules: what each finds, why that breaks replay, what to use instead, and which names of Python it is about.

Tables and look-ups alone: it knows no syntax tree and no file. `visitor` asks it about full names ("time.time"), and
`report` prints its words.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = (
    "RULES",
    "Rule",
    "Severity",
    "is_environment",
    "is_exempt",
    "is_input",
    "is_unfollowed",
    "mention_of",
    "rule_of_call",
)


class Severity(enum.IntEnum):
    """How bad a finding is."""

    HINT = 1
    """Replay holds; there is a better way."""
    WARNING = 2
    """Replay holds as the code is, but something happens again at each replay, or one change would break it."""
    ERROR = 3
    """Replay can take another way than the first run did."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing workflow code should not do.

    Attributes:
        code: Stable code, as suppressions and `--select` name it.
        name: The code in words.
        severity: How bad a finding is, where nothing about its place says otherwise.
        why: Why it breaks replay.
        instead: What to use.
    """

    code: str
    name: str
    severity: Severity
    why: str
    instead: str


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ACTIVITY = "do it in an activity: await workflow.execute_activity(...)"
_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("CAD000", "unreadable", _E, "what can't be parsed can't be checked", "mend the file"),
        Rule(
            "CAD001",
            "wall-clock",
            _E,
            "the clock stands elsewhere at replay than at the first run",
            "workflow.now(), workflow.time() or workflow.time_ns()",
        ),
        Rule(
            "CAD002",
            "global-random",
            _E,
            "replay draws another value than the first run did",
            "workflow.random(), seeded by the run; for keys and tokens an activity",
        ),
        Rule("CAD003", "random-uuid", _E, "replay makes another id than the first run did", "workflow.uuid4()"),
        Rule(
            "CAD004",
            "blocking-sleep",
            _E,
            "it holds the worker's thread, at each replay again, and leaves no timer in the history",
            "await asyncio.sleep(...) or await workflow.sleep(...)",
        ),
        Rule(
            "CAD005",
            "thread",
            _E,
            "the order in which threads run is not in the history",
            f"asyncio.create_task(...) for what runs beside; for blocking work, {_ACTIVITY}",
        ),
        Rule("CAD006", "process", _E, "the process would be started again at each replay", _ACTIVITY),
        Rule(
            "CAD007", "network", _E, "another answer, or none, comes at replay, and requests are sent again", _ACTIVITY
        ),
        Rule("CAD008", "file", _E, "at replay the file has other content, or is on another machine", _ACTIVITY),
        Rule(
            "CAD009",
            "environment",
            _E,
            "the worker that replays has an environment of its own",
            "an argument of the workflow, or workflow.side_effect(...), which keeps the value in the history",
        ),
        Rule(
            "CAD010",
            "set-order",
            _E,
            "the order of a set is another in each process",
            "sorted(...), or a list or dict, which keep the order of insertion",
        ),
        Rule(
            "CAD011",
            "module-state",
            _E,
            "all runs in the process share it, so replay finds what other runs left in it",
            "an attribute of the workflow (self.…), or an argument",
        ),
        Rule(
            "CAD012",
            "id-or-hash",
            _E,
            "the number is another in each process",
            "workflow.uuid4() for an identity; hashlib for a digest",
        ),
        Rule(
            "CAD013",
            "swallowed-cancellation",
            _E,
            "it also catches what cancels, continues or evicts the run, which then goes on as if nothing had happened",
            "except Exception, or raise again at the end of the handler",
        ),
        Rule("CAD014", "print", _W, "it prints again at each replay", "workflow.logger, which is silent at replay"),
        Rule(
            "CAD015",
            "logger",
            _H,
            "it logs again at each replay",
            "workflow.logger, which is silent at replay and names the run",
        ),
        Rule("CAD016", "input", _E, "nobody types the answer again at replay", "a signal: @workflow.signal"),
    )
}

_CALLS: dict[str, str] = {
    "CAD001": (
        "time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns "
        "time.process_time time.process_time_ns time.thread_time time.thread_time_ns time.clock_gettime "
        "time.clock_gettime_ns datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today "
        "datetime.date.today pendulum.now pendulum.today arrow.now arrow.utcnow django.utils.timezone.now "
        "timeit.default_timer"
    ),
    "CAD002": "os.urandom os.getrandom random.SystemRandom",
    "CAD003": "uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 uuid.getnode",
    "CAD004": "time.sleep",
    "CAD005": (
        "asyncio.to_thread anyio.to_thread.run_sync concurrent.futures.ThreadPoolExecutor asgiref.sync.sync_to_async "
        "concurrent.futures.thread.ThreadPoolExecutor asyncio.run_coroutine_threadsafe"
    ),
    "CAD006": (
        "os.system os.popen os.fork os.forkpty os.posix_spawn os.posix_spawnp os.startfile os.kill os.killpg "
        "asyncio.create_subprocess_exec asyncio.create_subprocess_shell "
        "concurrent.futures.ProcessPoolExecutor concurrent.futures.process.ProcessPoolExecutor"
    ),
    "CAD007": (
        "asyncio.open_connection asyncio.start_server asyncio.open_unix_connection asyncio.start_unix_server "
        "sqlite3.connect sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine platform.node"
    ),
    "CAD008": (
        "open io.open builtins.open os.open os.listdir os.scandir os.walk os.stat os.lstat os.remove os.unlink "
        "os.rename os.replace os.mkdir os.makedirs os.rmdir os.removedirs os.link os.symlink os.readlink os.chmod "
        "os.chown os.truncate os.utime os.access os.path.exists os.path.isfile os.path.isdir os.path.getsize "
        "os.path.getmtime os.path.getctime os.path.getatime os.path.islink os.path.lexists os.path.realpath glob.glob "
        "glob.iglob pathlib.Path.cwd pathlib.Path.home os.read os.write"
    ),
    "CAD009": (
        "os.getenv os.getenvb os.putenv os.unsetenv os.getcwd os.getpid os.getppid os.getlogin os.cpu_count "
        "os.path.expanduser os.path.expandvars os.path.abspath platform.platform platform.system platform.machine "
        "getpass.getuser threading.get_ident threading.current_thread threading.get_native_id"
    ),
    "CAD012": "id",
    "CAD014": "print pprint.pprint sys.stdout.write sys.stderr.write",
    "CAD016": "input getpass.getpass",
}
_OF_CALL = {name: code for code, names in _CALLS.items() for name in names.split()}

_PREFIXES: dict[str, str] = {
    "random": "CAD002",
    "secrets": "CAD002",
    "numpy.random": "CAD002",
    "threading": "CAD005",
    "_thread": "CAD005",
    "multiprocessing": "CAD006",
    "subprocess": "CAD006",
    "shutil": "CAD008",
    "tempfile": "CAD008",
    "aiofiles": "CAD008",
    "logging": "CAD015",
    **dict.fromkeys(
        _names(
            "socket ssl requests httpx aiohttp urllib.request urllib3 http.client ftplib smtplib imaplib poplib "
            "telnetlib xmlrpc.client websockets grpc boto3 botocore aioboto3 redis pymongo motor psycopg psycopg2 "
            "asyncpg aiomysql pymysql MySQLdb kafka aiokafka pika aio_pika elasticsearch openai anthropic"
        ),
        "CAD007",
    ),
}
"""Whatever a module offers, below its name; `_HARMLESS` are the exceptions."""

_HARMLESS = _names(
    "socket.inet_aton socket.inet_ntoa socket.inet_pton socket.inet_ntop socket.htons socket.htonl socket.ntohs "
    "socket.ntohl subprocess.list2cmdline subprocess.CompletedProcess threading.local secrets.compare_digest "
    "logging.getLevelName logging.NullHandler shutil.get_terminal_size requests.Request httpx.URL httpx.Headers "
    "httpx.QueryParams"
)
_HARMLESS_ENDS = ("Error", "Exception", "Timeout", "TimeoutExpired", "Warning")

_FILE_METHODS = _names(
    "open read_text read_bytes write_text write_bytes exists is_file is_dir is_symlink is_mount iterdir glob rglob "
    "walk stat lstat mkdir rmdir unlink touch rename replace chmod resolve absolute expanduser symlink_to "
    "hardlink_to readlink samefile owner group"
)

_EXEMPT = frozenset({"side_effect", "mutable_side_effect"})
"""What is called in here is not replayed: its value comes from the history."""
_TAKES_INPUT = _names(
    "execute_activity start_activity execute_local_activity start_local_activity execute_child_workflow "
    "start_child_workflow continue_as_new"
)
_FOLLOWED = frozenset({"wait_condition", "set_query_handler", "set_signal_handler", "await_till"})
"""Of the functions of the SDK, those that run what they are given as workflow code."""


def rule_of_call(name: str, arguments: int) -> str | None:
    """Tell which rule a call of a function breaks.

    Args:
        name: The function's full name; a method has the full name of its class, or of the function that made its
            object, before it.
        arguments: How many arguments the call has.

    Returns:
        The rule's code, or None.
    """
    found = _OF_CALL.get(name)
    if found is not None:
        return found
    if name in {"time.localtime", "time.gmtime", "time.ctime"}:
        return "CAD001" if arguments == 0 else None
    if name in {"time.strftime", "time.asctime"}:
        return "CAD001" if arguments == (name == "time.strftime") else None
    if name.startswith("pathlib."):
        return "CAD008" if name.rpartition(".")[2] in _FILE_METHODS else None
    return _rule_of_prefix(name, arguments)


def _rule_of_prefix(name: str, arguments: int) -> str | None:
    # A generator with a seed draws the same again; one that a module holds is found as module state.
    if name in _HARMLESS or name.endswith(_HARMLESS_ENDS) or name.startswith("random.Random."):
        return None
    if name in {"random.Random", "numpy.random.default_rng"}:
        return "CAD002" if arguments == 0 else None
    if name.startswith(("os.exec", "os.spawn")):
        return "CAD006"
    end = name.rfind(".")
    while end > 0:
        found = _PREFIXES.get(name[:end])
        if found is not None:
            return found
        end = name.rfind(".", 0, end)
    return None


def is_environment(name: str) -> bool:
    """Tell whether a full name is the process's environment."""
    return name in {"os.environ", "os.environb", "sys.argv"}


def is_exempt(name: str) -> bool:
    """Tell whether the functions given to this one run outside of replay."""
    return name.startswith("cadence.") and name.rpartition(".")[2] in _EXEMPT


def is_unfollowed(name: str) -> bool:
    """Tell whether the functions given to this one are named only (activities, children), not called."""
    return name.startswith("cadence.") and name.rpartition(".")[2] not in _FOLLOWED


def is_input(name: str) -> bool:
    """Tell whether the arguments of this function go into the history, and nothing in the workflow sees them."""
    return name.startswith("cadence.") and name.rpartition(".")[2] in _TAKES_INPUT


def mention_of(name: str) -> str | None:
    """Tell which rule a function breaks that is handed to another, to be called there."""
    return _OF_CALL.get(name)
