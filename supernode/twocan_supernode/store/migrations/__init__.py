"""How a database becomes what `tables` says, step by step, whatever it was before."""
