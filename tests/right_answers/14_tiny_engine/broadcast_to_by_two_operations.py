"""
task: broadcast_to
way: two operations call each other, and einsum sums
"""


def broadcast_to(x, shape):
    small = x.data.shape
    if np.broadcast_shapes(small, shape) != tuple(shape):
        raise ValueError(f"{small} does not fit {shape}")
    return Node.result(x.data + np.zeros(shape), [x], lambda g: [_sum_to(g, small)])


def _sum_to(x, shape):
    big = x.data.shape
    kept = [n for n in range(-len(shape), 0) if shape[n] != 1 or big[n] == 1]
    letters = "abcdefgh"[: len(big)]
    total = np.einsum(f"{letters}->{''.join(letters[n] for n in kept)}", x.data)
    return Node.result(total.reshape(shape), [x], lambda g: [broadcast_to(g, big)])
