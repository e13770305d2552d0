"""The roles as people call them, in English and Russian."""

from bot.access.roles import Role
from bot.reading.phrases import phrases

ROLES = phrases(
    {
        Role.SDR: "SDR, SDRs, sales development rep, sales development representative, sales development, "
        "специалист по исходящим лидам, специалистом по исходящим лидам, исходящие лиды, сдр",
        Role.MRR: "MRR, MRRs, market response rep, market response representative, market response, "
        "специалист по входящим лидам, специалистом по входящим лидам, входящие лиды, мрр",
        Role.AE: "AE, AEs, account executive, account exec, closer, менеджер по продажам, менеджером по продажам, "
        "менеджера по продажам, аккаунт экзекьютив",
        Role.SPECIALIST: "SPECIALIST, specialists, sales specialist, эксперт, эксперт по продажам, "
        "экспертом по продажам, экспертом",
        Role.CSM: "CSM, CSMs, customer success, customer success rep, customer success manager, "
        "менеджер по работе с клиентами, менеджером по работе с клиентами, аккаунт-менеджер, аккаунт менеджер",
        Role.MANAGER: "MANAGER, managers, sales manager, руководитель отдела продаж, руководителем отдела продаж, РОП, "
        "РОПом, руководитель, руководителем, менеджер, менеджером",
        Role.OPS: "OPS, sales ops, sales operations, операции, операции продаж",
        Role.ADMIN: "ADMIN, admins, sales admin, sales administrator, администратор, администратор продаж, "
        "администратором, администратором продаж",
        Role.MARKETING: "MARKETING, marketing partner, marketer, маркетинг, маркетолог, маркетологом",
    }
)
