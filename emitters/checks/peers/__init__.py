"""Groups E and F, over a population: the rules themselves are in `emitters.peers`; these checks look
their findings up. Every module declares its checks when it is imported."""
