"""Measures the read path of Vertebra beside nginx; benches/run starts it."""
