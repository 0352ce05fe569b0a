"""
task: cut_layers
way: a hook on an identity in front of each layer tells whether anything arrives
"""


def cut_layers(layers, x):
    found, h = [], x.detach()
    with torch.enable_grad():
        for i, layer in enumerate(layers):
            if not h.is_floating_point():
                h = layer(h).detach()
                continue
            arrived = []
            leaf = h.clone().requires_grad_()
            gate = leaf.view_as(leaf)
            gate.register_hook(arrived.append)
            out = layer(gate)
            if out.requires_grad:
                torch.autograd.grad(out, leaf, torch.ones_like(out), allow_unused=True)
            if not arrived:
                found.append(i)
            h = out.detach()
    return found
