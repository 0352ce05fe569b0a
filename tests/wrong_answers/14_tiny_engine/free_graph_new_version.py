"""
task: free_graph_
says: a node has another Version now
"""


def free_graph_(root):
    def freed(g):
        raise RuntimeError("second time")

    todo = [root]
    while todo:
        node = todo.pop()
        if node.vjp is not None:
            todo.extend(node.parents)
            node.__init__(node.data, node.requires_grad, (), freed, node.grad)
