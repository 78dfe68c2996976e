"""The face of `cadence-client` 1.x over the async one: interfaces, stubs, static calls, blocking clients and workers.

Programs import these names from where 1.x had them (`cadence.workflow`, `cadence.activity`, `cadence.activity_method`,
`cadence.workerfactory`, `cadence.workflowservice`), which load them from here when they are first used.
"""
