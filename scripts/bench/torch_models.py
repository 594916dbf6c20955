"""The bench's models as a user of PyTorch writes them."""

import torch
from torch import nn
from torch.nn import functional as F


class Scale(nn.Module):
    def forward(self, x):
        return x.float() / 255


def article(data):
    side = ((data["size"] - 2) // 2 - 2) // 2
    return nn.Sequential(
        Scale(),
        nn.Conv2d(data["channels"], 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * side * side, 64), nn.ReLU(), nn.Linear(64, data["classes"]),
    )  # fmt: skip


def convolve(inputs, filters, size=3, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, filters, size, stride, size // 2, bias=False), nn.BatchNorm2d(filters))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.first, self.second = convolve(inputs, filters, 3, stride), convolve(filters, filters)
        self.short = convolve(inputs, filters, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        return F.relu(self.short(x) + self.second(F.relu(self.first(x))))


def residual(data):
    blocks = [ResidualBlock(*sizes) for sizes in ((32, 32, 1), (32, 64, 2), (64, 128, 2))]
    end = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, data["classes"])]
    return nn.Sequential(Scale(), convolve(data["channels"], 32), nn.ReLU(), *blocks, *end)


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.embedding = nn.Embedding(20000, 128)
        self.layer = kind(128, 64, batch_first=True)
        self.dense = nn.Linear(64, 2)

    def forward(self, x):
        return self.dense(self.layer(self.embedding(x))[0][:, -1])


class Block(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.attention_norm, self.norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.hidden, self.dense = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, steps, width = x.shape
        parts = self.project(self.attention_norm(x)).view(batch, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_causal=self.causal)
        x = x + self.output(seen.transpose(1, 2).reshape(batch, steps, width))
        return x + self.dense(F.gelu(self.hidden(self.norm(x))))


class Transformer(nn.Module):
    def __init__(self, vocabulary, tokens, width, heads, blocks, causal, classes):
        super().__init__()
        self.causal = causal
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.blocks = nn.Sequential(*(Block(width, heads, causal) for _ in range(blocks)))
        self.norm, self.dense = nn.LayerNorm(width), nn.Linear(width, classes)

    def forward(self, x):
        x = self.norm(self.blocks(self.embedding(x) + self.positions))
        return self.dense(x if self.causal else x.mean(1))


def build(name, data):
    """A model whose outputs are logits."""
    return {
        "cnn-28": lambda: article(data),
        "cnn-224": lambda: article(data),
        "residual": lambda: residual(data),
        "lstm": lambda: Recurrent(nn.LSTM),
        "gru": lambda: Recurrent(nn.GRU),
        "encoder": lambda: Transformer(20000, data["tokens"], 64, 4, 2, False, 2),
        "decoder": lambda: Transformer(data["vocabulary"], data["tokens"], 128, 4, 4, True, data["vocabulary"]),
    }[name]()
