"""
task: cut_layers
way: walks the graph and asks for no gradient
"""


def cut_layers(layers, x):
    def reaches(out, leaf):
        if out is leaf:
            return True
        todo, seen = [out.grad_fn], set()
        while todo:
            node = todo.pop()
            if node is None or node in seen:
                continue
            seen.add(node)
            if getattr(node, "variable", None) is leaf:
                return True
            todo.extend(n for n, _ in node.next_functions)
        return False

    cut = []
    values = x.detach()
    for i, layer in enumerate(layers):
        asked = values.is_floating_point()
        leaf = values.detach().requires_grad_(asked)
        with torch.enable_grad():
            out = layer(leaf)
        if asked and not reaches(out, leaf):
            cut.append(i)
        values = out.detach()
    return cut
