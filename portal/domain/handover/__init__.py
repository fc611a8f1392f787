"""Points on their way to the registers: what is to be handed over, what was, and what the register said of it.

Reads the point awards and the register numbers; nothing of points or certificates depends on what stands here."""
