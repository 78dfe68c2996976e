package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/cadence"
	"go.uber.org/cadence/activity"
)

func goPrice(_ context.Context, order Order) (Receipt, error) {
	return priced(order), nil
}

// goPolled tells from which task list it came.
func goPolled(ctx context.Context) (string, error) {
	return activity.GetInfo(ctx).TaskList, nil
}

func goSum(_ context.Context, numbers []int64) (int64, error) {
	var sum int64
	for _, number := range numbers {
		sum += number
	}
	return sum, nil
}

func goOptional(_ context.Context, text *string) (*string, error) {
	return text, nil
}

func goReverse(_ context.Context, data []byte) ([]byte, error) {
	reversed := make([]byte, len(data))
	for index, value := range data {
		reversed[len(data)-1-index] = value
	}
	return reversed, nil
}

func goSeveral(_ context.Context, name string, count int, words []string, order *Order) (string, error) {
	return fmt.Sprintf("%s %d %v %t", name, count, words, order == nil), nil
}

func goNothing(_ context.Context) error {
	return nil
}

func failure(kind string) error {
	switch kind {
	case "custom":
		return cadence.NewCustomError("OutOfStock", "bolt", 3)
	case "bare":
		return cadence.NewCustomError("OutOfStock")
	case "plain":
		return fmt.Errorf("while packing: %w", errors.New("the box is wet"))
	case "struct":
		return cadence.NewCustomError("OutOfStock", Line{Item: "bolt", Count: 3, Price: 0.5})
	}
	panic("the shelf fell down")
}

func goFail(_ context.Context, kind string) error {
	return failure(kind)
}

// goSlow beats until somebody cancels it.
func goSlow(ctx context.Context) error {
	for {
		activity.RecordHeartbeat(ctx, "slow")
		select {
		case <-ctx.Done():
			return cadence.NewCanceledError("stopped", 7)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// goProgress leaves details behind in its first attempt, and finds them in its second.
func goProgress(ctx context.Context) (string, error) {
	if !activity.HasHeartbeatDetails(ctx) {
		activity.RecordHeartbeat(ctx, "page", 7)
		return "", errors.New("try again")
	}
	var word string
	var number int
	if err := activity.GetHeartbeatDetails(ctx, &word, &number); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %d in attempt %d", word, number, activity.GetInfo(ctx).Attempt), nil
}

// goAttempts fails with the kind it is asked for, and tells its attempt.
func goAttempts(ctx context.Context, reason string) error {
	return cadence.NewCustomError(reason, activity.GetInfo(ctx).Attempt)
}

// goLater is completed by somebody else, who knows its ids.
func goLater(_ context.Context) (string, error) {
	return "", activity.ErrResultPending
}

func goTenant(ctx context.Context) (string, error) {
	tenant, _ := ctx.Value(tenantKey).(string)
	return tenant, nil
}
