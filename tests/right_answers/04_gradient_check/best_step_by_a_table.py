"""
task: best_step
way: a table of numbers
"""


def best_step(dtype):
    return {
        torch.float64: 6e-6,
        torch.float32: 5e-3,
        torch.float16: 0.1,
        torch.bfloat16: 0.2,
    }[dtype]
