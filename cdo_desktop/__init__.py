"""首席数据官工作台: the desktop program of a district Chief Data Officer office."""

__version__ = "0.1.0"
