"""The gradients of the layers that people use, by formula.

Each function is the backward of one layer: it gets `grad_output`, the incoming gradient, and what
forward had, and returns the gradient for each input.

For all functions here:

- Tensors are float32 or float64, all of one dtype and on one device, finite and not empty;
  `indices` and `target` are int64.
- Any of them may be non-contiguous, transposed for instance. All are left as they are.
- A result has the shape, dtype and device of what it is the gradient for. It may share memory with
  `grad_output` where the two are equal.
- Several gradients come as a tuple, never a list, in the order of the inputs.
- Any operation of torch may be used, sparse tensors and `torch.vmap` too, and so may the other
  functions of this file. Not allowed are autograd, backward or forward (`torch.autograd.grad`,
  `.backward`, `.functional` and `.forward_ad`, `Tensor.backward`, `Tensor.grad_fn`; `grad`, `vjp`,
  `jvp`, `jacrev` and the like of `torch.func`), `torch.nn.grad`, and every operation or
  decomposition (`torch._decomp`) whose name contains "backward", however it is reached.
- Each is called inside `torch.no_grad()`, as the engine calls a backward.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F


def embedding_backward(
    grad_output: Tensor, indices: Tensor, num_embeddings: int, *, padding_idx: int | None = None
) -> Tensor:
    """Return the gradient for the weight of F.embedding(indices, weight).

    Forward looks up a row for each index: output[i, …] = weight[indices[i, …]]. A row that was
    looked up several times gets the sum of what comes in for it; a row that was not gets 0.

    No tensor may be made with more elements than the larger of the result and `grad_output`.

    Args:
        grad_output: `indices.shape + (dim,)`.
        indices: int64 of any shape, `()` too, repeated at will, from 0 to num_embeddings − 1.
        num_embeddings: the number of rows of the weight.
        padding_idx: the row that gets 0, however often it was looked up, as in F.embedding; not
            negative. None: there is no such row.

    Returns:
        The gradient, `(num_embeddings, dim)`.

    Source: torch.nn.functional.embedding; the backward of a gather is a scatter-add.
    """
    raise NotImplementedError


def softmax_backward(grad_output: Tensor, output: Tensor, dim: int) -> Tensor:
    """Return the gradient for the input of torch.softmax(input, dim), from its output alone.

    An output of exactly 0 gives exactly 0. No tensor may be made with more than twice the elements
    of `output`: the Jacobian is far larger.

    Args:
        grad_output: the shape of `output`.
        output: the softmax, of at least one axis; its values add up to 1 along `dim`, and some may
            be exactly 0.
        dim: the axis of the softmax; it may be negative.

    Source: with y the output, ∂y[i]/∂x[j] = y[i]·(1 if i = j else 0) − y[i]·y[j].
    """
    raise NotImplementedError


def max_pool2d_backward(grad_output: Tensor, indices: Tensor, input_shape: Sequence[int]) -> Tensor:
    """Return the gradient for the input x of F.max_pool2d.

    Each window hands what comes in to the element that was its maximum. Windows may overlap: an
    element that was the maximum of several gets the sum.

    Args:
        grad_output: the shape of the layer's output, `(C, out_h, out_w)` or
            `(N, C, out_h, out_w)`.
        indices: the second result of F.max_pool2d(x, …, return_indices=True), int64 in the shape of
            `grad_output`: for each window the position of its maximum in its own plane, the H·W
            values of x[n, c] one row after another.
        input_shape: the shape of x, `(C, H, W)` or `(N, C, H, W)`: a torch.Size, tuple or list.

    Returns:
        The gradient, of shape `input_shape`.

    Source: torch.nn.functional.max_pool2d, with any kernel, stride, padding and dilation.
    """
    raise NotImplementedError


def matmul_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradients for a and b of torch.matmul(a, b).

    The rules of torch.matmul: of each operand the last two axes are a matrix, and the axes before
    them broadcast, on either side. A 1-d a is a row and a 1-d b is a column, and the axis that
    makes it a matrix is missing in the output.

    Args:
        grad_output: the shape of torch.matmul(a, b), `()` for two vectors.
        a: `(…, n, k)` or `(k,)`.
        b: `(…, k, m)` or `(k,)`.

    Returns:
        grad_a: the shape of a.
        grad_b: the shape of b.

    Source: torch.matmul; for matrices, g·bᵀ and aᵀ·g.
    """
    raise NotImplementedError


def cross_entropy_backward(
    grad_output: Tensor,
    logits: Tensor,
    target: Tensor,
    *,
    label_smoothing: float = 0.0,
    ignore_index: int = -100,
) -> Tensor:
    """Return the gradient for the logits of F.cross_entropy, the mean over the targets that count.

    A target equal to `ignore_index` does not count: its row gets 0, and the mean is over the
    others, of which there is at least one. The loss of a row is −Σ wanted[c]·log softmax(row)[c],
    where wanted is 1 − label_smoothing for the target's class, plus label_smoothing / C for each of
    all C classes. Logits of ±1e4 are handled too, as precisely as the dtype holds such numbers.

    Args:
        grad_output: 0-d.
        logits: `(N, C)`.
        target: `(N,)`, int64: each a class from 0 to C − 1, or `ignore_index`.
        label_smoothing: from 0 to 1.
        ignore_index: it may be the number of a class, or none, such as −100.

    Returns:
        The gradient, `(N, C)`.

    Source: torch.nn.functional.cross_entropy.
    """
    raise NotImplementedError


def rms_norm_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor | None, eps: float
) -> tuple[Tensor, Tensor | None]:
    """Return the gradients for x and weight of RMS norm over the last axis.

    Forward is x / √(mean(x²) + eps) · weight, with the mean along the last axis; without a weight
    nothing is multiplied. The gradients are finite for a row of zeros.

    Args:
        grad_output: the shape of x.
        x: `(…, n)` with any leading axes, none too.
        weight: `(n,)`, or None; some or all of it may be 0.
        eps: positive.

    Returns:
        grad_x: the shape of x.
        grad_weight: `(n,)`, or None where weight is None.

    Source: torch.nn.functional.rms_norm; Zhang and Sennrich 2019, arXiv:1910.07467.
    """
    raise NotImplementedError


def layer_norm_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients for x, weight and bias of layer norm over the last weight.ndim axes.

    Forward is (x − mean) / √(var + eps) · weight + bias, with mean and variance over the last
    `weight.ndim` axes of x, for each index of the leading ones. The variance is mean((x − mean)²),
    divided by the number of values. The gradients are right also where all values are equal, and,
    in float64, far from 0: for x around 1e6.

    Args:
        grad_output: the shape of x.
        x: `(…, *weight.shape)` with any leading axes, none too.
        weight: of one axis or more; some or all of it may be 0.
        eps: positive.

    Returns:
        grad_x: the shape of x.
        grad_weight: the shape of weight.
        grad_bias: the shape of weight, which is that of the bias too.

    Source: torch.nn.functional.layer_norm; Ba, Kiros and Hinton 2016, arXiv:1607.06450.
    """
    raise NotImplementedError


def batch_norm_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients for x, weight and bias of batch norm in training.

    Forward is (x − mean) / √(var + eps) · weight + bias, for each channel, which is an index of
    axis 1: mean and variance are those of this batch, over all axes but axis 1, and depend on x.
    The variance is mean((x − mean)²), divided by the number of values in the channel. The
    gradients are right also far from 0, in float64, for x around 1e6.

    Args:
        grad_output: the shape of x.
        x: `(N, C)`, `(N, C, L)` or `(N, C, H, W)`, with two values in a channel or more.
        weight: `(C,)`; some or all of it may be 0.
        eps: positive.

    Returns:
        grad_x: the shape of x.
        grad_weight: `(C,)`.
        grad_bias: `(C,)`.

    Source: torch.nn.functional.batch_norm with training=True; Ioffe and Szegedy 2015,
    arXiv:1502.03167, section 3.
    """
    raise NotImplementedError


def attention_backward(
    grad_output: Tensor, q: Tensor, k: Tensor, v: Tensor, *, is_causal: bool = False
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients for q, k and v of scaled dot-product attention.

    Forward is softmax(q·kᵀ/√E)·v, with the softmax over the keys. If it is causal, query i sees the
    keys 0 to i alone, counted from the first of each, also where L and S differ: the others have a
    score of −∞ before the softmax. Scores of ±1e4 are handled too, as precisely as the dtype holds
    such numbers, and whichever of them are hidden.

    Args:
        grad_output: `(…, L, D)`.
        q: `(…, L, E)`, the queries.
        k: `(…, S, E)`, the keys, with the leading axes of q, none too.
        v: `(…, S, D)`, the values, with the leading axes of q.
        is_causal: whether a query sees only the keys up to its own place.

    Returns:
        grad_q, grad_k, grad_v: each in the shape of what it is for. A key that only queries with a
        grad_output of 0 see gets exactly 0, and so does its value.

    Source: torch.nn.functional.scaled_dot_product_attention; Vaswani et al. 2017,
    arXiv:1706.03762, equation 1.
    """
    raise NotImplementedError


def conv2d_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, *, stride: int = 1, padding: int = 0
) -> tuple[Tensor, Tensor]:
    """Return the gradients for x and weight of F.conv2d(x, weight, stride=…, padding=…).

    Forward lays the kernel on each window of the image, which has `padding` zeros around it:
    output[n, o, i, j] = Σ weight[o, c, a, b] · padded[n, c, stride·i + a, stride·j + b], the sum
    over c, a and b. F.unfold, F.fold, F.conv2d and F.conv_transpose2d are allowed.

    Args:
        grad_output: the shape of the layer's output, `(N, O, out_h, out_w)`.
        x: `(N, C, H, W)`. The stride may leave a rest at its lower and right edge that no window
            covers: it gets 0.
        weight: `(O, C, h, w)`, at most as large as the padded image.
        stride: the step from window to window, on both axes; 1 or more.
        padding: the zeros on each of the four sides; 0 or more, also as large as the kernel.

    Returns:
        grad_x: the shape of x.
        grad_weight: the shape of weight, summed over the batch.

    Source: torch.nn.functional.conv2d; Dumoulin and Visin 2016, arXiv:1603.07285, chapter 4.
    """
    raise NotImplementedError
