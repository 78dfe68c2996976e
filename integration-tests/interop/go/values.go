package main

import (
	"errors"
	"time"

	"go.uber.org/cadence"
	"go.uber.org/cadence/workflow"
)

// Line is one position of an order.
type Line struct {
	Item  string  `json:"item"`
	Count int     `json:"count"`
	Price float64 `json:"price"`
}

// Order has a field of every kind that both languages know.
type Order struct {
	ID      string            `json:"id"`
	Lines   []Line            `json:"lines"`
	Note    *string           `json:"note"`
	Gift    *Line             `json:"gift"`
	Tags    map[string]string `json:"tags"`
	Seal    []byte            `json:"seal"`
	Patient time.Duration     `json:"patient"`
	Placed  time.Time         `json:"placed"`
	Big     int64             `json:"big"`
}

// Receipt is what an order costs, and who says so.
type Receipt struct {
	Total float64 `json:"total"`
	Order Order   `json:"order"`
	By    string  `json:"by"`
}

// Ask tells the calling workflow what to try, and where the other side polls.
type Ask struct {
	What     string `json:"what"`
	TaskList string `json:"taskList"`
	Kind     string `json:"kind"`
	Order    Order  `json:"order"`
}

// Finding is what the calling workflow saw.
type Finding struct {
	Value   any      `json:"value"`
	Kind    string   `json:"kind"`
	Reason  string   `json:"reason"`
	Message string   `json:"message"`
	Details []any    `json:"details"`
	Causes  []string `json:"causes"`
}

func priced(order Order) Receipt {
	receipt := Receipt{Order: order, By: "go"}
	for _, line := range order.Lines {
		receipt.Total += line.Price * float64(line.Count)
	}
	return receipt
}

// found turns what a call gave into a finding.
func found(value any, err error) (*Finding, error) {
	if err == nil {
		return &Finding{Value: value, Kind: "value"}, nil
	}
	finding := &Finding{Kind: "other", Message: err.Error()}
	var custom *cadence.CustomError
	var timeout *workflow.TimeoutError
	var canceled *cadence.CanceledError
	var panicked *workflow.PanicError
	var generic *workflow.GenericError
	switch {
	case errors.As(err, &custom):
		finding.Kind, finding.Reason = "custom", custom.Reason()
		read(finding, custom.HasDetails(), custom.Details)
	case errors.As(err, &timeout):
		finding.Kind, finding.Reason = "timeout", timeout.TimeoutType().String()
		read(finding, timeout.HasDetails(), timeout.Details)
	case errors.As(err, &canceled):
		finding.Kind = "canceled"
		read(finding, canceled.HasDetails(), canceled.Details)
	case errors.As(err, &panicked):
		finding.Kind = "panic"
	case errors.As(err, &generic):
		finding.Kind = "generic"
	}
	return finding, nil
}

// read takes as many details as there are, and the names of the causes from the last of them.
func read(finding *Finding, has bool, details func(...interface{}) error) {
	if !has {
		return
	}
	for count := 1; count < 5; count++ {
		values := make([]any, count)
		places := make([]any, count)
		for index := range values {
			places[index] = &values[index]
		}
		if details(places...) != nil {
			break
		}
		finding.Details = values
	}
	if len(finding.Details) == 0 {
		return
	}
	form, _ := finding.Details[len(finding.Details)-1].(map[string]any)
	for form != nil {
		name, _ := form["class"].(string)
		message, _ := form["detailMessage"].(string)
		finding.Causes = append(finding.Causes, name+": "+message)
		form, _ = form["cause"].(map[string]any)
	}
}
