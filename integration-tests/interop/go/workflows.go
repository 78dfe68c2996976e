package main

import (
	"fmt"
	"time"

	"go.uber.org/cadence"
	"go.uber.org/cadence/workflow"
)

func goChild(_ workflow.Context, order Order) (*Receipt, error) {
	receipt := priced(order)
	return &receipt, nil
}

func goChildFails(_ workflow.Context, kind string) error {
	return failure(kind)
}

func goChildTenant(ctx workflow.Context) (string, error) {
	tenant, _ := ctx.Value(tenantKey).(string)
	return tenant, nil
}

// goAgain continues as new until it has counted down.
func goAgain(ctx workflow.Context, left int, done []string) ([]string, error) {
	if left == 0 {
		return done, nil
	}
	return nil, workflow.NewContinueAsNewError(ctx, "GoAgain", left-1, append(done, fmt.Sprint(left)))
}

// goWaits collects notes until one says stop, or until it is cancelled.
func goWaits(ctx workflow.Context, order Order) ([]Line, error) {
	lines := order.Lines
	if err := workflow.SetQueryHandler(ctx, "lines", func(atLeast int) ([]Line, error) {
		kept := []Line{}
		for _, line := range lines {
			if line.Count >= atLeast {
				kept = append(kept, line)
			}
		}
		return kept, nil
	}); err != nil {
		return nil, err
	}
	if err := workflow.SetQueryHandler(ctx, "broken", func() (string, error) {
		return "", fmt.Errorf("no such thing")
	}); err != nil {
		return nil, err
	}
	notes, stopped := workflow.GetSignalChannel(ctx, "add"), workflow.GetSignalChannel(ctx, "stop")
	stop := false
	selector := workflow.NewSelector(ctx).
		AddReceive(notes, func(channel workflow.Channel, _ bool) {
			var line Line
			channel.Receive(ctx, &line)
			lines = append(lines, line)
		}).
		AddReceive(stopped, func(channel workflow.Channel, _ bool) {
			channel.Receive(ctx, nil)
			stop = true
		}).
		AddReceive(ctx.Done(), func(workflow.Channel, bool) { stop = true })
	for !stop {
		selector.Select(ctx)
	}
	if ctx.Err() != nil {
		return nil, cadence.NewCanceledError("put back", len(lines))
	}
	return lines, nil
}

// goCalls does what it is asked for with the other side's activities and workflows.
func goCalls(ctx workflow.Context, ask Ask) (*Finding, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskList:               ask.TaskList,
		ScheduleToStartTimeout: 20 * time.Second,
		StartToCloseTimeout:    20 * time.Second,
		HeartbeatTimeout:       5 * time.Second,
		WaitForCancellation:    true,
	})
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		TaskList:                     ask.TaskList,
		ExecutionStartToCloseTimeout: 40 * time.Second,
		Memo:                         map[string]interface{}{"who": "go", "order": ask.Order},
		WaitForCancellation:          true,
	})
	if finding, known, err := callActivity(ctx, ask); known {
		return finding, err
	}
	return callChild(ctx, ask)
}

// inSession prices an order twice on whatever host takes the session, and tells which host that is.
func inSession(ctx workflow.Context, ask Ask) (*Finding, error) {
	ctx, err := workflow.CreateSession(ctx, &workflow.SessionOptions{
		CreationTimeout:  20 * time.Second,
		ExecutionTimeout: 40 * time.Second,
		HeartbeatTimeout: 5 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	hosts := []string{workflow.GetSessionInfo(ctx).HostName}
	for index := 0; index < 2; index++ {
		var list string
		if err := workflow.ExecuteActivity(ctx, "polled").Get(ctx, &list); err != nil {
			return nil, err
		}
		hosts = append(hosts, list)
	}
	workflow.CompleteSession(ctx)
	return found(hosts, nil)
}

func callActivity(ctx workflow.Context, ask Ask) (*Finding, bool, error) {
	var finding *Finding
	var err error
	switch ask.What {
	case "session":
		finding, err = inSession(ctx, ask)
	case "price":
		var receipt Receipt
		err = workflow.ExecuteActivity(ctx, "price", ask.Order).Get(ctx, &receipt)
		finding, err = found(receipt, err)
	case "optional":
		text := new(string)
		err = workflow.ExecuteActivity(ctx, "optional", nil).Get(ctx, &text)
		finding, err = found(text, err)
	case "reverse":
		var data []byte
		err = workflow.ExecuteActivity(ctx, "reverse", []byte{0, 1, 255}).Get(ctx, &data)
		finding, err = found(data, err)
	case "several":
		var text string
		err = workflow.ExecuteActivity(ctx, "several", "a", 2, []string{"x", "y"}, nil).Get(ctx, &text)
		finding, err = found(text, err)
	case "fail", "tenant", "later", "numbers":
		var value any
		err = workflow.ExecuteActivity(ctx, ask.What, arguments(ask)...).Get(ctx, &value)
		finding, err = found(value, err)
	case "wrong", "unknown":
		name := map[string]string{"wrong": "price", "unknown": "nobodyHasThis"}[ask.What]
		finding, err = found(nil, workflow.ExecuteActivity(ctx, name, 42).Get(ctx, nil))
	case "slow":
		finding, err = slow(ctx)
	case "timeout":
		err = workflow.ExecuteActivity(
			workflow.WithStartToCloseTimeout(ctx, time.Second), "slow").Get(ctx, nil)
		finding, err = found(nil, err)
	case "attempts", "progress":
		policy := &workflow.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 1, MaximumAttempts: 3,
			NonRetriableErrorReasons: []string{"OutOfStock"},
		}
		var value any
		err = workflow.ExecuteActivity(
			workflow.WithRetryPolicy(ctx, *policy), ask.What, arguments(ask)...).Get(ctx, &value)
		finding, err = found(value, err)
	default:
		return nil, false, nil
	}
	return finding, true, err
}

func arguments(ask Ask) []any {
	switch ask.What {
	case "numbers":
		return []any{[]int64{1, 2, 1 << 60}}
	case "fail", "attempts":
		return []any{ask.Kind}
	}
	return nil
}

// slow cancels an activity once it runs, and waits for what it says to that.
func slow(ctx workflow.Context) (*Finding, error) {
	inner, cancel := workflow.WithCancel(ctx)
	future := workflow.ExecuteActivity(inner, "slow")
	if err := workflow.Sleep(ctx, time.Second); err != nil {
		return nil, err
	}
	cancel()
	return found(nil, future.Get(ctx, nil))
}

func callChild(ctx workflow.Context, ask Ask) (*Finding, error) {
	var value any
	switch ask.What {
	case "child":
		var receipt Receipt
		err := workflow.ExecuteChildWorkflow(ctx, "PyChild", ask.Order).Get(ctx, &receipt)
		return found(receipt, err)
	case "child fails":
		return found(nil, workflow.ExecuteChildWorkflow(ctx, "PyChildFails", ask.Kind).Get(ctx, nil))
	case "child again":
		return found(value, workflow.ExecuteChildWorkflow(ctx, "PyAgain", 3, nil).Get(ctx, &value))
	case "child times out":
		ctx = workflow.WithExecutionStartToCloseTimeout(ctx, time.Second)
		return found(nil, workflow.ExecuteChildWorkflow(ctx, "PyWaits", ask.Order).Get(ctx, nil))
	case "child memo", "child tenant":
		name := map[string]string{"child memo": "PyMemo", "child tenant": "PyTenant"}[ask.What]
		err := workflow.ExecuteChildWorkflow(ctx, name).Get(ctx, &value)
		return found(value, err)
	}
	return talk(ctx, ask)
}

// talk signals a child, then stops or cancels it.
func talk(ctx workflow.Context, ask Ask) (*Finding, error) {
	inner, cancel := workflow.WithCancel(ctx)
	child := workflow.ExecuteChildWorkflow(inner, "PyWaits", ask.Order)
	var started workflow.Execution
	if err := child.GetChildWorkflowExecution().Get(ctx, &started); err != nil {
		return nil, err
	}
	line := Line{Item: "nut", Count: 5, Price: 0.25}
	if err := child.SignalChildWorkflow(ctx, "add", line).Get(ctx, nil); err != nil {
		return nil, err
	}
	if ask.What == "child cancelled" {
		cancel()
	} else if err := workflow.SignalExternalWorkflow(ctx, started.ID, "", "stop", nil).Get(ctx, nil); err != nil {
		return nil, err
	}
	var lines []Line
	err := child.Get(ctx, &lines)
	return found(lines, err)
}
