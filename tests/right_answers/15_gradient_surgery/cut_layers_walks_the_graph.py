"""
task: cut_layers
way: looks for the input's own node in the graph of the output
"""


def cut_layers(layers, x):
    def is_reached(y, leaf):
        if y is leaf:
            return True
        todo, seen = [y.grad_fn], set()
        while todo:
            node = todo.pop()
            if node is None or node in seen:
                continue
            seen.add(node)
            if getattr(node, "variable", None) is leaf:
                return True
            todo += [n for n, _ in node.next_functions]
        return False

    def of(layer, h):
        nonlocal x
        with torch.enable_grad():
            leaf = h.detach().requires_grad_(h.is_floating_point())
            x = layer(leaf)
            reached = not leaf.requires_grad or is_reached(x, leaf)
            if reached and leaf.requires_grad and x is not leaf:
                torch.autograd.grad(x.sum(), leaf, retain_graph=True)
            return not reached

    return [i for i, layer in enumerate(layers) if of(layer, x)]
