"""Packages of the wheel: pyproject.toml cannot name found packages and one more."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["cdo_desktop*"]), "cdo_desktop.resources"],
    package_data={"cdo_desktop.resources": ["**/*"]},
)
