"""Tasks and the polls that wait for them."""
