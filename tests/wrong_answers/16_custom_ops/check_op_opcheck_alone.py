"""
task: check_op
says: a hundredth too large
"""


def check_op(op, *args):
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    results = torch.library.opcheck(op, args, test_utils=utilities, raise_exception=False)
    return all(result == "SUCCESS" for result in results.values())
