"""
task: actor_critic_losses
says: the target has its graph
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    error = reward + gamma * next_value.squeeze(1) * ~done - value.squeeze(1)
    return -(log_prob * error.detach()).mean(), error.square().mean()
