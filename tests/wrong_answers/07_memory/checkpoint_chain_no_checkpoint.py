"""
task: checkpoint_chain
says: with 6 layers in 2 segments, backward computed 0 segments again
"""


def checkpoint_chain(layers, x, segments):
    return nn.Sequential(*layers)(x)
