"""The erasure of a person's data, in every place that holds them."""
