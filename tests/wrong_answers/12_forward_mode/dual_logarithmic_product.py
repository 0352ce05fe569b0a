"""
task: Dual
says: the tangent of x * y
"""


@dataclass(frozen=True)
class Dual:
    value: Tensor
    tangent: Tensor

    def __add__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.tangent + other.tangent)
        return Dual(self.value + other, self.tangent)

    def __mul__(self, other):
        if isinstance(other, Dual):
            return Dual(
                self.value * other.value,
                self.value
                * other.value
                * (self.tangent / self.value + other.tangent / other.value),
            )
        return Dual(self.value * other, self.tangent * other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, Dual):
            value = self.value / other.value
            return Dual(value, (self.tangent - value * other.tangent) / other.value)
        return Dual(self.value / other, self.tangent / other)

    def __pow__(self, k):
        if k == 0:
            return Dual(self.value**k, torch.zeros_like(self.tangent))
        return Dual(self.value**k, k * self.value ** (k - 1) * self.tangent)

    def sin(self):
        return Dual(self.value.sin(), self.value.cos() * self.tangent)

    def exp(self):
        e = self.value.exp()
        return Dual(e, e * self.tangent)
