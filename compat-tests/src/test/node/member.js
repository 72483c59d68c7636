// A member of a group, with kafkajs: member.js BROKER NAME SEED GROUP TOPIC PROTOCOL COMMIT. ChurnMember.java says what it does.
'use strict'
const fs = require('fs')
const readline = require('readline')
const { AssignerProtocol, Kafka, PartitionAssigners, logLevel } = require('kafkajs')

const [broker, name, , groupId, topic, , commit] = process.argv.slice(2)
const now = () => process.hrtime.bigint()
const write = (...words) => fs.writeSync(1, words.join(' ') + '\n')
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

// An assignor that has a name in common with those of other clients.
const range = options => ({
  ...PartitionAssigners.roundRobin(options),
  name: 'range',
  protocol: ({ topics }) => ({
    name: 'range',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
  }),
})

const kafka = new Kafka({ clientId: name, brokers: [broker], logLevel: logLevel.NOTHING, retry: { maxRetryTime: 1000 } })
const consumer = kafka.consumer({
  groupId,
  partitionAssigners: [range],
  sessionTimeout: 10000,
  heartbeatInterval: 500,
  rebalanceTimeout: 10000,
  metadataMaxAge: 1000,
  maxWaitTimeInMs: 100,
})
let owned = []
let holdMs = 0
let leaving = false

function revoke() {
  owned.forEach(([topic, partition]) => write('revoked', topic, partition, now()))
  owned = []
}

consumer.on(consumer.events.REBALANCING, revoke)
consumer.on(consumer.events.CRASH, revoke)
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  revoke()
  if (leaving) {
    return
  }
  for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
    owned.push(...partitions.map(partition => [topic, partition]))
  }
  owned.forEach(([topic, partition]) => write('assigned', topic, partition, now()))
})

async function store(topic, partition, offset) {
  try {
    await consumer.commitOffsets([{ topic, partition, offset: String(offset) }])
    write('stored', topic, partition, offset, now())
  } catch (error) {
    write('unstored', error.type || error.name)
  }
}

async function eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }) {
  if (holdMs > 0) {
    const ms = holdMs
    holdMs = 0
    write('held', now())
    await sleep(ms)
  }
  if (batch.messages.length === 0 || !isRunning() || isStale() || leaving) {
    return
  }
  for (const message of batch.messages) {
    write('read', batch.topic, batch.partition, message.offset, message.value)
  }
  resolveOffset(batch.lastOffset())
  const stored = store(batch.topic, batch.partition, BigInt(batch.lastOffset()) + 1n)
  if (commit === 'sync') {
    await stored
  }
  await heartbeat()
}

async function leave() {
  leaving = true
  write('held', now())
  await consumer.disconnect()
  write('left', 'told')
  process.exit(0)
}

async function main() {
  readline.createInterface({ input: process.stdin }).on('line', line => {
    if (line.startsWith('hold ')) {
      holdMs = Number(line.slice(5))
    } else {
      leave()
    }
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic.startsWith('^') ? new RegExp(topic) : topic], fromBeginning: true })
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
}

main().catch(error => {
  write('left', error.name)
  process.exit(1)
})
