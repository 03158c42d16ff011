"""HTTP: wiring only, one module per trust zone."""
