"""
task: Dual
says: (x * x) ** 0.7
"""


@dataclass(frozen=True)
class Dual:
    value: Tensor
    tangent: Tensor

    def __add__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value + other, self.tangent)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __mul__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.tangent * other)
        return Dual(
            self.value * other.value, self.tangent * other.value + self.value * other.tangent
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value / other, self.tangent / other)
        value = self.value / other.value
        return Dual(value, (self.tangent - value * other.tangent) / other.value)

    def __pow__(self, k):
        value = torch.ones_like(self.value)
        for _ in range(abs(int(k))):
            value = value * self.value
        value = value if k >= 0 else 1 / value
        return Dual(value, k * value / self.value * self.tangent if k else 0 * self.tangent)

    def sin(self):
        return Dual(self.value.sin(), self.value.cos() * self.tangent)

    def exp(self):
        value = self.value.exp()
        return Dual(value, value * self.tangent)
