"""What follows when facts change: conflicts, advice, holds, alerts; and who may go ahead."""
