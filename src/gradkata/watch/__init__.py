"""The command `kata`: the exercise at hand, judged at each save."""
