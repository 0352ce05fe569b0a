"""
task: Dual
way: each number becomes a Dual with tangent 0; the quotient is a product with a power
"""


@dataclass(frozen=True)
class Dual:
    value: Tensor
    tangent: Tensor

    def _of(self, other):
        if isinstance(other, Dual):
            return other
        return Dual(torch.full_like(self.value, other), torch.zeros_like(self.value))

    def __add__(self, other):
        other = self._of(other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __mul__(self, other):
        other = self._of(other)
        return Dual(
            self.value * other.value, self.value * other.tangent + self.tangent * other.value
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        return self * self._of(other) ** -1

    def __pow__(self, k):
        slope = k * self.value ** (k - 1) if k else torch.zeros_like(self.value)
        return Dual(self.value**k, slope * self.tangent)

    def sin(self):
        return Dual(torch.sin(self.value), torch.cos(self.value) * self.tangent)

    def exp(self):
        return Dual(torch.exp(self.value), torch.exp(self.value) * self.tangent)
