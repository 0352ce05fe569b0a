"""
task: checkpoint_but_products
way: a policy function
"""


def checkpoint_but_products(fn, *args):
    from torch.utils.checkpoint import CheckpointPolicy

    def policy(ctx, op, *args, **kwargs):
        if op.overloadpacket.__name__ in ("mm", "addmm", "bmm"):
            return CheckpointPolicy.MUST_SAVE
        return CheckpointPolicy.PREFER_RECOMPUTE

    return checkpoint(
        fn,
        *args,
        use_reentrant=False,
        context_fn=lambda: create_selective_checkpoint_contexts(policy),
    )
