"""
task: checkpoint_but_products
says: of the first of two calls
"""


def checkpoint_but_products(fn: Callable[..., Tensor], *args: Any) -> Tensor:
    """Two dispatch modes of our own, which write down the products and read them."""
    from torch.utils._python_dispatch import TorchDispatchMode

    aten = torch.ops.aten
    products = {aten.mm.default, aten.addmm.default, aten.bmm.default}

    class Write(TorchDispatchMode):
        def __init__(self, kept):
            super().__init__()
            self.kept = kept

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            out = func(*args, **(kwargs or {}))
            if func in products:
                self.kept.append(out.detach())
            return out

    class Read(TorchDispatchMode):
        def __init__(self, kept):
            super().__init__()
            self.kept = kept

        def __enter__(self):
            self.at = iter(self.kept)
            return super().__enter__()

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            if func in products:
                return next(self.at).detach()
            return func(*args, **(kwargs or {}))

    kept = checkpoint_but_products.__dict__.setdefault("kept", [])
    kept.clear()

    def contexts():
        return Write(kept), Read(kept)

    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts)
