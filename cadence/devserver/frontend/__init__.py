"""The RPCs: one module per topic, and the table that finds them."""
