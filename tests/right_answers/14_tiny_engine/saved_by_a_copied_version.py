"""
task: Saved
way: keeps a copy of the Version, and compares the two
"""

import copy


class Saved:
    def __init__(self, node):
        self.node, self.version = node, copy.copy(node.version)

    def unpack(self):
        if self.node.version == self.version:
            return self.node
        raise RuntimeError(f"saved at {self.version}, which is {self.node.version} now")
