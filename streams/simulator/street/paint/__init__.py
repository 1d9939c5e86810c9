"""How streets look: ground, houses, trees, lamps, water, rubbish, vehicles and people in perspective."""
