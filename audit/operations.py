"""Migration operations: `Watch` puts a table under the log, `Explain` is the event behind what a migration changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory

from audit.events import ROWS_MIGRATED, TABLE_UNWATCHED


class Watch(Operation):
    """Keeps an image of every change of the table, and refuses TRUNCATE.

        Watch("petitions_petition", personal=["title", "body"], secret=["wrapped_key"])

    Rows that stand there already get an image at once. A later Watch with other columns replaces the earlier one;
    give it that one as `was`, so that it can be undone. Column changes need no new Watch: after each migrate the log
    notes them and images the rows anew.
    """

    reversible = True
    category = OperationCategory.SQL

    def __init__(
        self,
        table: str,
        personal: Iterable[str] = (),
        secret: Iterable[str] = (),
        key: str = "id",
        was: Watch | None = None,
    ) -> None:
        self.table = table
        self.personal = list(personal)
        self.secret = list(secret)
        if self.personal and "salt" not in self.secret:
            self.secret.append("salt")
        self.key = key
        self.was = was

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.statements():
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.was.statements() if self.was else self.undo():
            schema_editor.execute(statement, params=None)

    def statements(self) -> list[str]:
        """Returns the plain SQL, usable without Django too."""
        arguments = f"'{self.key}', '{_array(self.personal)}', '{_array(self.secret)}'"
        table = f'"{self.table}"'
        capture = f"FOR EACH ROW EXECUTE FUNCTION audit_capture({arguments})"
        refuse = "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        return [
            f"CREATE OR REPLACE TRIGGER audit_capture AFTER INSERT OR UPDATE OR DELETE ON {table} {capture}",
            f"CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table} {refuse}",
            # ALWAYS: not even session_replication_role, a superuser's setting, switches them off.
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_capture",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_no_truncate",
            f"SELECT audit_baseline('{table}')",
        ]

    def undo(self) -> list[str]:
        """Stops watching the table, with an event of it."""
        table = f'"{self.table}"'
        return [
            f"DROP TRIGGER audit_capture ON {table}",
            f"DROP TRIGGER audit_no_truncate ON {table}",
            f"SELECT audit_record_table('{TABLE_UNWATCHED.name}', '{self.table}', '{{}}')",
            "SELECT set_config('massline.event', '', true)",
        ]

    def describe(self) -> str:
        return f"Watch {self.table}"

    @property
    def migration_name_fragment(self) -> str:
        return f"watch_{self.table}"


class Explain(Operation):
    """Explains the changes of a watched table's rows that follow in a migration: it writes the event behind them.

    operations = [Explain("petitions_demand"), migrations.RunPython(...)]
    """

    reversible = True
    category = OperationCategory.SQL

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"SELECT audit_record_table('{ROWS_MIGRATED.name}', '{self.table}', '{{}}')", params=None)

    database_backwards = database_forwards

    def describe(self) -> str:
        return f"Explain changes of {self.table}"

    @property
    def migration_name_fragment(self) -> str:
        return f"explain_{self.table}"


def _array(names: list[str]) -> str:
    """Returns a PostgreSQL array literal of column names."""
    return "{" + ",".join(names) + "}"
