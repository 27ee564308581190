"""Alembic's entry: runs the scripts on the connection it is given."""

from alembic import context

from cdo_desktop.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller owns the one transaction around everything
)
context.run_migrations()
