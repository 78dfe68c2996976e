package main

import (
	"context"
	"encoding/json"

	"go.uber.org/cadence/workflow"
)

type contextKey string

// tenantKey is the key of the value that travels, and its header's name.
const tenantKey contextKey = "tenant"

// tenantPropagator carries the tenant as JSON in a header.
type tenantPropagator struct{}

func (tenantPropagator) Inject(ctx context.Context, writer workflow.HeaderWriter) error {
	return write(ctx.Value(tenantKey), writer)
}

func (tenantPropagator) InjectFromWorkflow(ctx workflow.Context, writer workflow.HeaderWriter) error {
	return write(ctx.Value(tenantKey), writer)
}

func (tenantPropagator) Extract(ctx context.Context, reader workflow.HeaderReader) (context.Context, error) {
	tenant, err := tenantIn(reader)
	if err != nil || tenant == "" {
		return ctx, err
	}
	return context.WithValue(ctx, tenantKey, tenant), nil
}

func (tenantPropagator) ExtractToWorkflow(ctx workflow.Context, reader workflow.HeaderReader) (workflow.Context, error) {
	tenant, err := tenantIn(reader)
	if err != nil || tenant == "" {
		return ctx, err
	}
	return workflow.WithValue(ctx, tenantKey, tenant), nil
}

func write(tenant any, writer workflow.HeaderWriter) error {
	if tenant == nil {
		return nil
	}
	data, err := json.Marshal(tenant)
	if err == nil {
		writer.Set(string(tenantKey), data)
	}
	return err
}

func tenantIn(reader workflow.HeaderReader) (string, error) {
	tenant := ""
	err := reader.ForEachKey(func(key string, value []byte) error {
		if key != string(tenantKey) {
			return nil
		}
		return json.Unmarshal(value, &tenant)
	})
	return tenant, err
}
