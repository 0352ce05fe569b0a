"""
task: Saved
says: nothing was raised
"""


class Saved:
    def __init__(self, node):
        self.node = node

    def unpack(self):
        return self.node
