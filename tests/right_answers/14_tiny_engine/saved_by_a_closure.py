"""
task: Saved
way: unpack is a closure over the node and the count
"""


class Saved:
    def __init__(self, node):
        saved = node.version.count

        def unpack():
            changes = node.version.count - saved
            if changes:
                raise RuntimeError(
                    f"changed in place {changes} times: from version {saved} to {saved + changes}"
                )
            return node

        self.unpack = unpack
