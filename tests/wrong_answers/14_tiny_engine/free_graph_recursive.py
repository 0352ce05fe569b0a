"""
task: free_graph_
says: for a chain of 2000 nodes, it raises RecursionError
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    def visit(node):
        if node.vjp is not None:
            parents = node.parents
            node.parents, node.vjp = (), freed
            for parent in parents:
                visit(parent)

    visit(root)
