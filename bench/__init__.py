"""Speed, measured: `make bench` prints one JSON line a measure, ours beside a reference of the same run."""
