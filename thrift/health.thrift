// Whether the frontend serves at all. Edit by hand, then run `python thrift/generate.py`.

namespace py health

// @module rpc_health: whether a server serves

// Whether the server takes calls, and its own words about it.
struct HealthStatus {
  1: required bool ok
  2: optional string msg
}

service Meta {
  // Ask whether the server takes calls.
  HealthStatus health()
}
