"""
task: actor_critic_losses
says: (N, 1) and (N,) broadcast to (N, N): squeeze both values
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    error = reward + gamma * next_value.detach() * ~done - value
    return -(log_prob * error.detach()).mean(), error.square().mean()
