"""
task: actor_critic_losses
says: δ has its graph there
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    error = reward + gamma * next_value.detach().squeeze(1) * ~done - value.squeeze(1)
    return -(log_prob * error).mean(), error.square().mean()
