"""
task: Dual
says: 'int' object has no attribute 'value'
"""


@dataclass(frozen=True)
class Dual:
    value: Tensor
    tangent: Tensor

    def __add__(self, other: Dual | float) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.tangent + other.tangent)
        return Dual(self.value + other, self.tangent)

    def __mul__(self, other: Dual | float) -> Dual:
        if isinstance(other, Dual):
            return Dual(
                self.value * other.value, self.tangent * other.value + self.value * other.tangent
            )
        return Dual(self.value * other, self.tangent * other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Dual | float) -> Dual:
        if isinstance(other, float):
            return Dual(self.value / other, self.tangent / other)
        value = self.value / other.value
        return Dual(value, (self.tangent - value * other.tangent) / other.value)

    def __pow__(self, k: float) -> Dual:
        if k == 0:
            return Dual(torch.ones_like(self.value), torch.zeros_like(self.tangent))
        return Dual(self.value**k, k * self.value ** (k - 1) * self.tangent)

    def sin(self) -> Dual:
        return Dual(self.value.sin(), self.value.cos() * self.tangent)

    def exp(self) -> Dual:
        value = self.value.exp()
        return Dual(value, value * self.tangent)
