"""
task: Dual
way: one function applies all partial derivatives; the quotient rule with the square
"""


@dataclass(frozen=True)
class Dual:
    value: Tensor
    tangent: Tensor

    def __add__(self, other):
        match other:
            case Dual(value, tangent):
                return Dual(self.value + value, self.tangent + tangent)
        return Dual(self.value + other, self.tangent.clone())

    def __mul__(self, other):
        match other:
            case Dual(value, tangent):
                return Dual(
                    self.value * value, torch.addcmul(self.tangent * value, self.value, tangent)
                )
        return Dual(self.value * other, self.tangent * other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        match other:
            case Dual(value, tangent):
                top = self.tangent * value - self.value * tangent
                return Dual(self.value / value, top / value.square())
        return self * (1 / other)

    def __pow__(self, k):
        if k == 0:
            return Dual(self.value**0, self.tangent * 0)
        return Dual(self.value.pow(k), self.tangent * self.value.pow(k - 1).mul(k))

    def sin(self):
        return Dual(self.value.sin(), self.tangent * (self.value + torch.pi / 2).sin())

    def exp(self):
        e = self.value.exp()
        return Dual(e, self.tangent * e)
