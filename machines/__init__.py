"""How other systems come in: tokens and bodies, lists whose reading is logged, refusals, and the schema."""
