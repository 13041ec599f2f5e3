"""How well the checks tell falsified reports from honest and odd ones: `make bench-detection`."""
