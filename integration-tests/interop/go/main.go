// The Go side of the tests of calls between languages: a worker, and a starter that does one thing and tells it as JSON.
//
//	peer ADDRESS DOMAIN worker TASKLIST
//	peer ADDRESS DOMAIN start TASKLIST WORKFLOWID TYPE [ARGUMENT ...]      waits for the result
//	peer ADDRESS DOMAIN signal WORKFLOWID NAME [ARGUMENT]
//	peer ADDRESS DOMAIN query WORKFLOWID NAME [ARGUMENT ...]
//	peer ADDRESS DOMAIN cancel WORKFLOWID
//	peer ADDRESS DOMAIN complete WORKFLOWID ACTIVITYID RESULT
//	peer ADDRESS DOMAIN complete-token BASE64 RESULT
//
// Arguments are JSON; one that has an "id" is sent as an Order, one that has an "item" as a Line.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"go.uber.org/cadence/.gen/go/cadence/workflowserviceclient"
	"go.uber.org/cadence/activity"
	"go.uber.org/cadence/client"
	"go.uber.org/cadence/worker"
	"go.uber.org/cadence/workflow"
	"go.uber.org/yarpc"
	"go.uber.org/yarpc/transport/tchannel"
	"go.uber.org/zap"
)

const frontend = "cadence-frontend"

var propagators = []workflow.ContextPropagator{tenantPropagator{}}

func main() {
	if len(os.Args) < 5 {
		stop(fmt.Errorf("usage: see the head of main.go"))
	}
	address, domain, mode, rest := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	service, err := connect(address)
	if err != nil {
		stop(err)
	}
	if mode == "worker" {
		err = work(service, domain, rest[0])
	} else {
		err = act(service, domain, mode, rest)
	}
	if err != nil {
		stop(err)
	}
}

func stop(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func connect(address string) (workflowserviceclient.Interface, error) {
	transport, err := tchannel.NewChannelTransport(tchannel.ServiceName("interop"))
	if err != nil {
		return nil, err
	}
	dispatcher := yarpc.NewDispatcher(yarpc.Config{
		Name:      "interop",
		Outbounds: yarpc.Outbounds{frontend: {Unary: transport.NewSingleOutbound(address)}},
	})
	return workflowserviceclient.New(dispatcher.ClientConfig(frontend)), dispatcher.Start()
}

func work(service workflowserviceclient.Interface, domain, taskList string) error {
	logger := zap.NewNop()
	if os.Getenv("PEER_LOG") != "" {
		logger, _ = zap.NewDevelopment()
	}
	peer := worker.New(service, domain, taskList, worker.Options{
		Logger:              logger,
		ContextPropagators:  propagators,
		EnableSessionWorker: true,
	})
	for name, function := range map[string]any{
		"GoChild": goChild, "GoChildFails": goChildFails, "GoChildTenant": goChildTenant, "GoAgain": goAgain,
		"GoWaits": goWaits, "GoCalls": goCalls,
	} {
		peer.RegisterWorkflowWithOptions(function, workflow.RegisterOptions{Name: name})
	}
	for name, function := range map[string]any{
		"goPrice": goPrice, "goSum": goSum, "goOptional": goOptional, "goReverse": goReverse, "goSeveral": goSeveral,
		"goNothing": goNothing, "goFail": goFail, "goSlow": goSlow, "goProgress": goProgress, "goAttempts": goAttempts,
		"goLater": goLater, "goTenant": goTenant, "goPolled": goPolled,
	} {
		peer.RegisterActivityWithOptions(function, activity.RegisterOptions{Name: name})
	}
	if err := peer.Start(); err != nil {
		return err
	}
	fmt.Println("ready")
	over := make(chan os.Signal, 1)
	signal.Notify(over, os.Interrupt)
	<-over
	peer.Stop()
	return nil
}

func act(service workflowserviceclient.Interface, domain, mode string, rest []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	defer cancel()
	if tenant := os.Getenv("PEER_TENANT"); tenant != "" {
		ctx = context.WithValue(ctx, tenantKey, tenant)
	}
	peer := client.NewClient(service, domain, &client.Options{ContextPropagators: propagators})
	switch mode {
	case "start":
		return start(ctx, peer, rest)
	case "signal":
		arguments, err := typed(rest[2:])
		if err != nil {
			return err
		}
		return peer.SignalWorkflow(ctx, rest[0], "", rest[1], append(arguments, nil)[0])
	case "query":
		arguments, err := typed(rest[2:])
		if err != nil {
			return err
		}
		value, err := peer.QueryWorkflow(ctx, rest[0], "", rest[1], arguments...)
		return tell(value, err)
	case "cancel":
		return peer.CancelWorkflow(ctx, rest[0], "")
	case "complete":
		return peer.CompleteActivityByID(ctx, domain, rest[0], "", rest[1], rest[2], nil)
	case "complete-token":
		token, err := base64.StdEncoding.DecodeString(rest[0])
		if err != nil {
			return err
		}
		return peer.CompleteActivity(ctx, token, rest[1], nil)
	}
	return fmt.Errorf("unknown mode %s", mode)
}

func start(ctx context.Context, peer client.Client, rest []string) error {
	arguments, err := typed(rest[3:])
	if err != nil {
		return err
	}
	run, err := peer.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                           rest[1],
		TaskList:                     rest[0],
		ExecutionStartToCloseTimeout: 45 * time.Second,
		Memo:                         map[string]interface{}{"who": "go", "lines": []Line{{Item: "nut", Count: 1}}},
	}, rest[2], arguments...)
	if err != nil {
		return err
	}
	var value any
	err = run.Get(ctx, &value)
	finding, err := found(value, err)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(finding)
}

func tell(value interface{ Get(any) error }, err error) error {
	var content any
	if err == nil {
		err = value.Get(&content)
	}
	finding, err := found(content, err)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(finding)
}

func typed(texts []string) ([]any, error) {
	values := make([]any, 0, len(texts))
	for _, text := range texts {
		var value any
		switch {
		case strings.Contains(text, `"id"`):
			value = &Order{}
		case strings.Contains(text, `"item"`):
			value = &Line{}
		default:
			value = new(any)
		}
		if err := json.Unmarshal([]byte(text), value); err != nil {
			return nil, err
		}
		if plain, ok := value.(*any); ok {
			value = *plain
		}
		values = append(values, value)
	}
	return values, nil
}
