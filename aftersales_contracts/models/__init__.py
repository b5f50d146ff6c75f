# The order is that of inheritance: what a class extends is loaded before it.
# ruff: noqa: I001
from .sla import terms_source
from .common import guarded, numbering
from .service import support_tier, service_status, request_type, team
from .sla import resource_calendar, sla_policy, sla_target, sla_escalation, sla_terms
from .contract import contract_type, contract, paper, contract_lifecycle
from .common import nightly
from .approvals import approval_rule, delegation, duty, contract_approval
from .contract import contract_match
from .parties import (
    contract_party,
    contract_parties,
    region,
    scope_line,
    contract_scope,
    asset_cover,
    asset,
    contract_template,
)
from .service import request
from .parties import request_executor
from .service import request_event
from .sla import (
    evaluation_queue,
    sla_clock,
    clock_change,
    sla_evaluation,
    escalation_run,
    clock_actions,
    clock_steps,
    clock_glance,
)
from .service import request_glance, request_board, request_buttons
from .contract import contract_glance
from .parties import contract_assets
from .imports import import_profile, event_import, event_import_stage, event_import_store, replay, replay_terms
from .service import customer_portal
from .common import frozen
from .sla import compliance, compliance_refresh, sla_excuse, schedule_proposal
from .statements import (
    statement_period,
    statement,
    statement_line,
    statement_correction,
    statement_words,
    statement_inputs,
    statement_document,
    statement_close,
    statement_schedule,
    statement_send,
    statement_verify,
)
from .common import responsible, evidence
from .obligations import (
    obligation_type,
    obligation,
    obligation_run,
    obligation_certificate,
    audit_template,
    audit,
    audit_line,
    finding,
    breach,
    breach_chain,
    issue,
    review,
    contract_obligations,
    due,
    reminder_ladder,
    reminder,
    reminder_run,
    today,
    today_tiles,
)
from .common import res_company, res_config_settings, ir_actions_report
from .prices import (
    index_series,
    contract_line,
    line_price,
    line_indexation,
    contract_line_schedule,
    contract_prices,
    renewal,
    contract_renewal,
    price_revision,
    price_revision_line,
)
from .sla import business_calendar
from .endings import (
    contract_notice,
    notice_words,
    notice_evidence,
    notice,
    notice_facts,
    notice_effect,
    suspension,
    suspended_days,
    contract_suspension,
    suspension_preview,
    termination_ground,
    termination_figures,
    termination,
    contract_termination,
    nightly_endings,
)
from .prices import renewal_run
from .versions import (
    version_terms,
    contract_version,
    version_check,
    amendment,
    amendment_course,
    amendment_entry,
    amendment_measured,
    contract_as_of,
    version_timeline,
    contract_correction,
)
from .plans import (
    request_channel,
    promise_terms,
    service_plan,
    promise,
    contract_plan,
    entitlement,
    entitlement_line,
    entitlement_schedule,
    entitlement_excess,
    entitlement_top_up,
    cover_priority,
    request_entitlement,
    promise_proof,
    customer_promises,
)
from .legal import (
    clause,
    clause_version,
    contract_clause,
    clause_placeholders,
    clause_deviation,
    contract_clauses,
    clause_review,
)
from .versions import contract_redline, redline_report
from .legal import (
    partner_group,
    nda,
    nda_party,
    nda_text,
    document,
    nda_access,
    nda_engine,
    nda_gate,
    nda_life,
    nda_contract,
)
from .signing import (
    signable,
    signing,
    signing_signer,
    signing_course,
    document_words,
    contract_document,
    contract_document_service,
    nda_document,
    contract_signing,
    contract_paper_signing,
    signing_document,
    document_report,
)
from .maintenance import visit_report, maintenance_visit, maintenance_schedule, maintenance_triggers
from .plans import segment_formula, customer_value, segment_defaults
from .parties import contract_backing
from .obligations import due_sources
from .penalties import (
    penalty_clause,
    clause_life,
    penalty_tiers,
    penalty_component,
    penalty_terms,
    penalty_words,
    component_words,
    clause_lint,
    measured_figure,
    contract_penalty,
    contract_penalty_paper,
    penalty_backing,
    plan_penalty,
)
from .penalties import (
    penalty_line,
    penalty,
    penalty_inputs,
    penalty_fee,
    penalty_ledger,
    penalty_breaches,
    penalty_facts,
    penalty_assess,
    penalty_store,
    penalty_provider,
    penalty_late,
    penalty_course,
    penalty_waiver,
    penalty_exposure,
    nightly_penalties,
    penalty_today,
)
from .penalties import (
    penalty_settings,
    penalty_accounts,
    penalty_plan,
    penalty_post,
    account_move,
    penalty_reversal,
    penalty_deduction,
    recovery,
    failure_links,
    failure_share,
    failure,
)
from .penalties import (
    penalty_settlement,
    penalty_steps,
    penalty_reckoning,
    penalty_snapshot,
    penalty_document,
    penalty_issue,
    penalty_send,
    penalty_report,
    penalty_trial,
)
from .billing import usage_tariff, usage_tariff_words, usage_line, usage, usage_intake
from .billing import (
    billing_settings,
    contract_billing,
    line_billing,
    billed,
    billing_gaps,
    billing_credits,
    billing_run,
    billing_invoice,
    billing_moves,
    billing_preview,
    nightly_billing,
)
from .billing import (  # what extends the billing of lines comes after it
    usage_charge,
    usage_document,
    usage_missing,
    contract_usage,
    forecast_settings,
    forecast_parts,
    forecast,
    forecast_run,
    recurring_revenue,
)
from .shares import (
    share_settings,
    line_kind,
    share_rule,
    share_parts,
    share_component,
    share_life,
    share_translation,
    share_words,
    share_component_words,
    share_lint,
    contract_share,
    share_versions,
    contract_share_paper,
    attribution,
    revenue,
    revenue_mark,
    revenue_line,
    revenue_facts,
    revenue_claims,
    revenue_rows,
    revenue_refunds,
    revenue_payments,
    revenue_attribute,
    revenue_cost,
    revenue_causes,
    attribution_causes,
    revenue_give,
    revenue_preview,
    nightly_revenue,
)
from .settlements import (
    settlement,
    settlement_line,
    contract_settlement,
    settlement_facts,
    settlement_gaps,
    settlement_reckoning,
    settlement_store,
    settlement_run,
    settlement_preview,
    share_trial,
    settlement_glance,
    nightly_settlements,
    settlement_course,
    settlement_answer,
    settlement_dispute,
    settlement_silence,
    settlement_carry,
    settlement_content,
    settlement_books,
    settlement_plan,
    settlement_post,
    settlement_move,
    settlement_reversal,
    settlement_penalty,
    settlement_told,
    settlement_steps,
    settlement_snapshot,
    settlement_document,
    settlement_issue,
    settlement_send,
    settlement_portal,
    settlement_report,
)
from .performance import (
    feedback,
    feedback_reaction,
    request_feedback,
    scorecard_template,
    scorecard_criterion,
    contract_scorecard,
    scorecard,
    scorecard_facts,
    scorecard_reckoning,
    scorecard_steps,
    nightly_performance,
    improvement_plan,
    improvement_course,
    improvement_action,
    performance_settings,
    performance_today,
)
from .settlements import (  # what looks at settlements
    accrual_settings,
    accrual,
    accrual_booking,
    dispute_ageing,
    reconciliation_query,
    reconciliation_item,
    reconciliation,
    settlement_today,
)
from .diligence import (
    skill,
    certification,
    certification_gate,
    assessment_template,
    assessment_line,
    assessment,
    assessment_gate,
    risk,
    risk_test,
    risk_glance,
    mode_comparison,
)
from . import assets
from . import warranty
from . import claims
from . import reimbursements
from . import recoveries
from .closing import (
    period_close,
    period_steps,
    period_items,
    period_carry,
    period_snapshot,
    period_work,
    period_decisions,
    period_revenue,
    period_settlements,
    drift,
    drift_run,
    drift_statements,
    drift_penalties,
    drift_billing,
    drift_settlements,
    today_closing,
)
from .imports import import_templates
